"""The training recipe of the project's Russian–English sentence encoder. Not part of the installed package."""
