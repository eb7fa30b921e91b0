"""The outreach page: list and calendar of actions, sheet of one, form to prepare or change it."""
