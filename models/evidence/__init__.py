"""The recipe of the weights that `istok.rag.scorer` reads."""
