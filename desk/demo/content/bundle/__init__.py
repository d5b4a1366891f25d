"""Files that the sample press kit carries, and the code that draws them (`build.py`)."""
