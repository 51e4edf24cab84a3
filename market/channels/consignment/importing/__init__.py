"""Taking in from a file: a table of things is read, shown line by line with what is wrong, and taken in whole or not at all."""
