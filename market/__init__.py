"""Is it sold?"""
