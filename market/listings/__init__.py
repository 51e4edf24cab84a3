"""Listings: draft -> published -> reserved -> sold | withdrawn; favourites, messages, reports."""
