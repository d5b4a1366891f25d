"""Search over everything that one person may read; unreleased text is opened in memory only."""
