"""The recipe of the weights that `istok.rag.confidence` reads."""
