"""`forwhom canvas`: the commands that make and change a canvas."""
