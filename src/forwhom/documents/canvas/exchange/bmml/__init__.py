"""bmml 2.0, the Business Model Markup Language."""
