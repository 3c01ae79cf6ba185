"""The weights that ship, each in a folder of its own, and the recipes that made them."""
