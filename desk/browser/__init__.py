"""The desk in a browser: a door on loopback, and one locked desk behind it per session.

`gate` decides who may come in, `page` is what a browser is shown, `session` one running desk,
`server` puts them together. The terminal in the page is textual-serve's, served from here.
"""
