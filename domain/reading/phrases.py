"""Lists of phrases as one pattern: how a text is searched for any of hundreds at once."""

import re

_LETTER_FIRST = re.compile(r"([a-z])(?![?*+{|])(?!.*\|(?![^(]*\)))", re.IGNORECASE)  # and no choice outside of brackets
_GOES_ON = re.compile(r"\|\\\n\s*")  # a choice that is broken over lines ends with `|\`
_UP_TO = re.compile(r"<(\d)>")
_IT = (
    r"(?:^|(?:it|this|that|they|these|those|we|i|you|he|she|who|which|everyone|everybody|and|also|already|bot"
    r"|trade|play|alert|call|signal|entry|one|position|order|fill|option|contract) )"
    r"(?:(?:just|already|finally|really|never|also|then|only|has|have|had|almost|even|all|got) ){0,2}"
)
_RELATION = (
    r"(?:(?:my|a|our|his|her|the) )?(?:wife|husband|friend|buddy|pal|mate|brother|sister|dad|mom|father|mother|son"
    r"|uncle|aunt|cousin|neighbou?r|barber|boss|client|colleague|coworker|roommate|mentor|girlfriend|boyfriend|bro"
    r"|plumber|dentist|doctor)s?(?:'s)?(?: in law(?:'s)?)?"
)


def any_of(phrases: str) -> re.Pattern[str]:
    """Any of the phrases, as whole words. Phrases are patterns, with commas between.

    They are grouped by their first letter: the engine tries one letter for each group, not every phrase at every word.
    `<2>` stands for up to two words, `<it>` for the order, or us, as the subject of what
    follows, `<relation>` for a relative or a friend.
    """
    groups: dict[str, list[str]] = {}
    for phrase in _GOES_ON.sub("|", phrases).split(","):
        pattern = " ".join(phrase.split())
        if pattern.count("(") != pattern.count(")"):
            raise ValueError(f"a comma within a pattern: {pattern}")
        begins = _LETTER_FIRST.match(pattern)
        groups.setdefault(begins[1].lower() if begins else "", []).append(pattern)
    alternatives = [
        f"{letter}(?:{'|'.join(pattern[1:] for pattern in patterns)})" if letter else "|".join(patterns)
        for letter, patterns in groups.items()
    ]
    pattern = _UP_TO.sub(r"(?:[\\w'-]+ ){0,\1}", "|".join(alternatives)).replace("<it>", _IT)
    pattern = pattern.replace("<relation>", _RELATION)
    return re.compile(rf"(?<![\w'])(?:{pattern})(?:'s)?(?![\w'])", re.IGNORECASE)
