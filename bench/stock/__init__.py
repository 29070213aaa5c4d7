"""The smallest honest Wagtail site: one page type, Wagtail's own start-up settings, nothing of ours."""
