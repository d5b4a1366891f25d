"""The newsroom's handbook: Markdown pages of its own over those that Desk ships."""
