"""What an assistant may do with the files of a folder: look, discover, propose, never overwrite."""
