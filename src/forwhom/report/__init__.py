"""What people read: a plain summary first, then a template or a drawing."""
