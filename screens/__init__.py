"""The Textual app: one room per screen, widgets, dialogs, the registry of actions."""
