"""What every page stands on: settings, services, who is asking, refusals, jobs, templates."""
