"""The recipe of the Russian–English lexicon that `istok.index.lexicon` reads."""
