"""The people of a workspace: where they begin, how they sign in, who may do what."""
