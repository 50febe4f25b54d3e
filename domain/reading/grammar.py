"""One order from tokens. Every token must find its place in it: what is not understood is never skipped.

That is the whole defence against chat: a plan, a question or a recap holds a word that no order has.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from domain.alert import Action, Alert, OptionType, Unread, UnreadCode
from domain.reading.expiry import resolve
from domain.reading.tokens import Kind, Token
from domain.reading.words import ACTIONS, HALF, HARMLESS, PART, STRONG, WHOLE
from domain.symbols import parse_occ

_LONGEST_SYMBOL = 5
_LARGEST_QUANTITY = 9999
_WIDEST_RANGE = Decimal("1.5")
_RIGHT_WORDS = {"call": OptionType.CALL, "calls": OptionType.CALL, "put": OptionType.PUT, "puts": OptionType.PUT}
_CONTRACTS = re.compile(r"\b(?P<count>\d{1,4})\s+(?:cons?|contracts?)\b", re.IGNORECASE)
_BESIDE = (Kind.EXPIRY, Kind.QUANTITY, Kind.NUMBER, Kind.FRACTION)


class UnreadError(Exception):
    """Leaves the grammar: the message is no order."""

    def __init__(self, code: UnreadCode, detail: str) -> None:
        super().__init__(detail)
        self.unread = Unread(code=code, detail=detail)


@dataclass
class _Parts:
    """What was found so far; a second finding of what can be there once is an ambiguity."""

    today: date
    actions: list[Action] = field(default_factory=list)
    found: dict[str, object] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)

    def put(self, what: str, value: object, written: str) -> None:
        if what in self.found and self.found[what] != value:
            raise UnreadError(UnreadCode.AMBIGUOUS, f"two of {what}: {self.written[what]} or {written}")
        self.found[what], self.written[what] = value, written


def interpret(line: list[Token], remark: str, label: str | None, today: date) -> Alert:
    """The one order in these tokens. UnreadError when there is none, or more than one way to read it."""
    parts = _Parts(today)
    verb = _verb(line)
    rest = _take_contract(parts, [token for token in line if token.kind is not Kind.ASIDE])
    rest = _take_symbol(parts, rest, verb)
    parts.actions = [_action(line, verb)]
    for position, token in enumerate(rest):
        _take(parts, token, rest[:position])
    _take_remark(parts, remark)
    return _alert(parts, label, verb)


def _verb(line: list[Token]) -> str:
    said = [token.text.lower() for token in line if token.kind is Kind.VERB]
    strong = [verb for verb in said if verb in STRONG]
    if not said:
        raise UnreadError(_no_order(line), "no word says buy or sell")
    return strong[0] if strong else said[0]


def _action(line: list[Token], verb: str) -> Action:
    """The one action. A weak verb beside a strong one must agree with it, or be a word that says nothing."""
    action = ACTIONS[verb]
    for token in line:
        other = token.text.lower()
        if (
            token.kind is Kind.VERB
            and ACTIONS[other] is not action
            and (other in STRONG or other not in HARMLESS | PART | WHOLE)
        ):
            raise UnreadError(UnreadCode.AMBIGUOUS, f"{verb} or {other}")
    return action


def _no_order(line: list[Token]) -> UnreadCode:
    return UnreadCode.INCOMPLETE if any(token.kind is Kind.RIGHT for token in line) else UnreadCode.NOT_AN_ALERT


def _take_contract(parts: _Parts, line: list[Token]) -> list[Token]:
    """Strike, call or put, and expiry; returns the tokens that are not of the contract."""
    rest = []
    for token in line:
        if token.kind is Kind.OCC:
            _take_occ(parts, token)
        elif token.kind is Kind.RIGHT:
            parts.put("strike", _number(token.parts["strike"]), token.parts["strike"])
            parts.put("right", _RIGHT_WORDS.get(token.parts["right"].lower(), _one_letter(token)), token.text)
        elif token.kind is Kind.STRIKE:
            parts.put("strike", _number(token.parts["bare"]), token.text)
        elif token.kind is Kind.EXPIRY:
            day = resolve(token.text, parts.today)
            if isinstance(day, Unread):
                raise UnreadError(day.code, day.detail)
            parts.put("expiry", day, token.text)
        elif token.kind is Kind.WORD and token.text.lower() in _RIGHT_WORDS:
            parts.put("right", _RIGHT_WORDS[token.text.lower()], token.text)
        elif token.kind is Kind.FUTURE:
            parts.put("symbol", token.text.upper(), token.text)
        elif token.kind in (Kind.CASHTAG, Kind.SYMBOL):
            parts.put("symbol", token.parts["tag"].upper(), token.text)
        else:
            rest.append(token)
            continue
        rest.append(Token(Kind.ASIDE, token.text, {}))  # its place still tells where the symbol stands
    return rest


def _one_letter(token: Token) -> OptionType:
    return OptionType.CALL if token.parts["right"].lower() == "c" else OptionType.PUT


def _take_occ(parts: _Parts, token: Token) -> None:
    option = parse_occ(_occ(token))
    if option is None:
        raise UnreadError(UnreadCode.IMPOSSIBLE_DATE, token.text)
    if option.expiry < parts.today:
        raise UnreadError(UnreadCode.PAST_EXPIRY, token.text)
    parts.put("symbol", option.root, token.text)
    parts.put("expiry", option.expiry, token.text)
    parts.put("strike", option.strike, token.text)
    parts.put("right", option.option_type, token.text)


def _occ(token: Token) -> str:
    """The broker's symbol of 21 characters, also for thinkorswim's: .WMT261204C108."""
    if "occ" in token.parts:
        return f"{token.parts['occroot']:<6}{token.parts['occ']}"
    written = token.parts["tos"]
    root = written[: next(place for place, letter in enumerate(written) if letter.isdigit())]
    day_and_right, strike = written[len(root) : len(root) + 7], written[len(root) + 7 :]
    return f"{root:<6}{day_and_right}{int(Decimal(strike) * 1000):08d}"


def _take_symbol(parts: _Parts, line: list[Token], verb: str) -> list[Token]:
    """The symbol is the word before the contract, or after the verb; capitals make any word a symbol there."""
    if "symbol" in parts.found:
        return line
    places = [i for i, token in enumerate(line) if token.kind is Kind.ASIDE]
    before = _nearest_word(line, range(places[0] - 1, -1, -1)) if places else None
    after = _word_after_verb(line, verb)
    behind = _nearest_word(line, range(places[0] + 1, len(line))) if places else None
    for place in (before, after, behind):
        if place is not None and _may_be_symbol(line[place].text, is_beside=place in (before, after)):
            parts.put("symbol", line[place].text.upper(), line[place].text)
            return line[:place] + line[place + 1 :]
    raise UnreadError(UnreadCode.INCOMPLETE if places else UnreadCode.NOT_AN_ALERT, "no symbol")


def _nearest_word(line: list[Token], places: range) -> int | None:
    for place in places:
        if line[place].kind in (Kind.WORD, Kind.VERB):
            is_symbol = line[place].kind is Kind.WORD or line[place].text.isupper()
            return place if is_symbol and line[place].text.lower() not in STRONG else None
        if line[place].kind not in (*_BESIDE, Kind.ASIDE, Kind.MARK):
            return None
    return None


def _word_after_verb(line: list[Token], verb: str) -> int | None:
    places = [i for i, token in enumerate(line) if token.kind is Kind.VERB and token.text.lower() == verb]
    return _nearest_word(line, range(places[0] + 1, len(line))) if places else None


def _may_be_symbol(word: str, *, is_beside: bool) -> bool:
    letters = word.replace(".", "")
    if len(letters) > _LONGEST_SYMBOL or not letters.isalpha() or not (word.isupper() or word.islower()):
        return False
    is_common = word.lower() in HARMLESS or word.lower() in ACTIONS
    return (is_beside and word.isupper()) or (not is_common and (word.isupper() or is_beside))


def _take(parts: _Parts, token: Token, before: list[Token]) -> None:
    match token.kind:
        case Kind.ASIDE:
            if before and before[-1].text == "@":
                raise UnreadError(UnreadCode.SUSPICIOUS, f"where a price should be: {token.text}")
        case Kind.PRICE | Kind.MARKET | Kind.RANGE | Kind.NUMBER | Kind.LEVEL:
            _take_price(parts, token, before)
        case Kind.QUANTITY:
            parts.put("quantity", _whole(next(iter(token.parts.values())), token.text), token.text)
        case Kind.FRACTION:
            _take_fraction(parts, token)
        case Kind.PERCENT:
            _take_percent(parts, token, before)
        case Kind.VERB | Kind.WORD:
            _take_word(parts, token.text.lower(), token)
        case _:
            if token.kind is not Kind.MARK or token.text == "/":
                raise UnreadError(UnreadCode.AMBIGUOUS, token.text)


def _take_price(parts: _Parts, token: Token, before: list[Token]) -> None:
    if token.kind is Kind.PRICE:
        parts.put("price", _price(token), token.text)
    elif token.kind is Kind.MARKET:
        parts.put("market", True, token.text)
    elif token.kind is Kind.RANGE:
        _take_range(parts, token)
    elif token.kind is Kind.LEVEL:
        _take_level(parts, token)
    else:
        _take_number(parts, token, before)


def _take_word(parts: _Parts, word: str, token: Token) -> None:
    selling = parts.actions[0] in (Action.STC, Action.BTC)
    if selling and word in HALF:
        parts.put("fraction", Decimal("0.5"), token.text)
    elif selling and word in PART:
        parts.found["partial"] = True
    elif selling and word in WHOLE:
        parts.found["whole"] = True
    elif token.kind is Kind.WORD and word not in HARMLESS:
        raise UnreadError(UnreadCode.AMBIGUOUS, f"not understood: {token.text}")


def _take_number(parts: _Parts, token: Token, before: list[Token]) -> None:
    """A bare number: the quantity before the contract, the price after it."""
    if token.text.startswith("-"):
        raise UnreadError(UnreadCode.SUSPICIOUS, token.text)
    has_contract = any(earlier.kind is Kind.ASIDE for earlier in before)
    if not has_contract and token.text.isdigit() and "quantity" not in parts.found:
        parts.put("quantity", _whole(token.text, token.text), token.text)
    else:
        parts.put("price", _number(token.text), token.text)


def _take_level(parts: _Parts, token: Token) -> None:
    levels = [level.strip().lstrip("$") for level in token.parts["levels"].replace(",", "/").split("/")]
    numbers = tuple(_number(level) for level in levels if not level.endswith("%"))  # percentages are not prices
    if "stop" in token.parts and numbers:
        parts.put("stop", numbers[0], token.text)
    elif "target" in token.parts:
        known = parts.found.get("targets", ())
        parts.found["targets"] = (*(known if isinstance(known, tuple) else ()), *numbers)


def _take_range(parts: _Parts, token: Token) -> None:
    low, high = _number(token.parts["low"]), _number(token.parts["high"])
    if not 0 < low < high or high > low * _WIDEST_RANGE:
        raise UnreadError(UnreadCode.SUSPICIOUS, f"no price range: {token.text}")
    parts.put("range", (low, high), token.text)


def _take_fraction(parts: _Parts, token: Token) -> None:
    if parts.actions[0] not in (Action.STC, Action.BTC):
        raise UnreadError(UnreadCode.AMBIGUOUS, token.text)
    part, whole = (int(value) for value in token.parts.values())
    if not 0 < part < whole:
        raise UnreadError(UnreadCode.AMBIGUOUS, token.text)
    parts.put("fraction", (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001")), token.text)
    if "some" in token.parts:
        parts.put("quantity", part, token.text)


def _take_percent(parts: _Parts, token: Token, before: list[Token]) -> None:
    selling = parts.actions[0] in (Action.STC, Action.BTC)
    if not selling or (before and before[-1].text in ("@", "at")):
        raise UnreadError(UnreadCode.AMBIGUOUS, token.text)
    if "sign" not in token.parts:  # a signed one is the gain
        parts.put("fraction", _number(token.text.rstrip("%")) / 100, token.text)


def _take_remark(parts: _Parts, remark: str) -> None:
    """An embed's comment field: only how many, and how much is closed, count."""
    words = remark.lower().replace(",", " ").split()
    if found := _CONTRACTS.search(remark):
        parts.put("quantity", _whole(found["count"], found[0]), found[0])
    if parts.actions[0] not in (Action.STC, Action.BTC) or "fraction" in parts.found:
        return
    shares = {"half": Decimal("0.5"), "1/2": Decimal("0.5"), "1/3": Decimal("0.3333"), "1/4": Decimal("0.25")}
    for word in words:
        if word in shares:
            parts.put("fraction", shares[word], word)
        elif word in PART:
            parts.found["partial"] = True


def _alert(parts: _Parts, label: str | None, verb: str) -> Alert:
    found, action = parts.found, parts.actions[0]
    is_option = "strike" in found or "right" in found
    missing = [what for what in ("strike", "right", "expiry") if is_option and what not in found]
    if missing:
        raise UnreadError(UnreadCode.INCOMPLETE, f"missing: {', '.join(missing)}")
    if not is_option:
        _check_outright(found, verb)
    if "price" in found and ("range" in found or "market" in found):
        raise UnreadError(UnreadCode.AMBIGUOUS, f"two prices: {parts.written['price']} and another")
    _check_prices(found)
    if found.get("whole") and ("fraction" in found or found.get("partial")):
        raise UnreadError(UnreadCode.AMBIGUOUS, "all of it, or a part")
    values = {
        "action": action,
        "symbol": found["symbol"],
        "strike": found.get("strike"),
        "option_type": found.get("right"),
        "expiry": found.get("expiry"),
        "quantity": found.get("quantity"),
        "price": found.get("price"),
        "price_range": found.get("range"),
        "fraction": Decimal(1) if found.get("whole") else found.get("fraction"),
        "partial": bool(found.get("partial")) and "fraction" not in found,
        "stop": found.get("stop"),
        "targets": found.get("targets", ()),
        "label": label,
    }
    return Alert.model_validate(values)


def _check_outright(found: dict[str, object], verb: str) -> None:
    """Shares and futures have so few marks of an order that the plain words must say it."""
    if "expiry" in found:
        raise UnreadError(UnreadCode.INCOMPLETE, "an expiry without strike and call or put")
    if verb not in STRONG or not ("price" in found or "market" in found or "range" in found):
        raise UnreadError(UnreadCode.INCOMPLETE, "no contract")


def _check_prices(found: dict[str, object]) -> None:
    price, strike = found.get("price"), found.get("strike")
    if isinstance(price, Decimal) and price <= 0:
        raise UnreadError(UnreadCode.SUSPICIOUS, f"price {price}")
    if isinstance(strike, Decimal):
        if not 0 < strike <= 100_000:
            raise UnreadError(UnreadCode.SUSPICIOUS, f"strike {strike}")
        if isinstance(price, Decimal) and price >= strike:
            raise UnreadError(UnreadCode.SUSPICIOUS, f"price {price} for a strike of {strike}")


def _price(token: Token) -> Decimal:
    if "named" in token.parts:
        return _number(token.parts["named"])
    price = _number(token.parts["price"].replace(",", "."))
    return price / 100 if "cents" in token.parts else price


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.lstrip("$"))
    except InvalidOperation:
        raise UnreadError(UnreadCode.SUSPICIOUS, text) from None


def _whole(text: str, written: str) -> int:
    quantity = int(text)
    if not 0 < quantity <= _LARGEST_QUANTITY:
        raise UnreadError(UnreadCode.SUSPICIOUS, f"quantity {written}")
    return quantity
