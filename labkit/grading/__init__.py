"""From a folder of submissions to a gradebook: plan, extract, run confined, judge outside, keep, tell."""
