"""placeholder."""
def console_routes(): return []
