"""The trained classifier: weights from `make train`, inference in NumPy alone."""

from cleaners.model.classifier import Favor, TrainedClassifier, load_classifier

__all__ = ["Favor", "TrainedClassifier", "load_classifier"]
