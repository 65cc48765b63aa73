"""The console: Tocsin in a browser, a file for each page."""
