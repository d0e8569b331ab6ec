"""Does a training set know what it is to predict? Frames in, findings out."""
