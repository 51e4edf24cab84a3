"""Is it safe?"""
