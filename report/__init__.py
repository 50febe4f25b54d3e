"""Reports for people: a page and a picture of what a day, or some days, came to, made from the audit log.

`asking` gathers the rows, `domain.reporting` adds them up, `page` and `picture` show them, `making` makes both without
holding anybody up.
"""
