"""Patterns of what sentences about orders are made of: a price, an expiry in words, a count in words."""

PRICE = r"\$?(?:\d+(?:\.\d+)?|\.\d+)"
ONE_TO_TEN = r"(?:one|two|three|four|five|six|seven|eight|nine|ten)"
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
EXPIRY = (
    rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,?(?: 20\d\d)?|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?"
    r"|(?:today|tomorrow|this week|this friday|next week|next friday)'s)"
)
