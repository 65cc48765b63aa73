"""Speed, measured as ratios: each case beside a plain baseline of the same run (``make bench``)."""
