"""How istok-reranker is trained: start → train → export; see README.md."""
