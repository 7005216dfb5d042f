"""Makes the classifier's weights (`make train`); never imported by the product."""
