"""预约鉴定: agencies say when they have time and what they charge; an owner books, brings the thing, fetches it."""
