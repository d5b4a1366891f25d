"""Items: what is written, how it is read, compared, checked and cleaned."""
