"""Finding listings: one small interface, Whoosh behind it. Knows documents, no database and no pages."""
