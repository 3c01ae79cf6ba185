"""The recipe of the weights in `istok.index.fusion`."""
