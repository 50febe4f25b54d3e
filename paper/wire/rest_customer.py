"""The broker's REST routes for who is trading: a made-up customer, and whether the session is good."""

from aiohttp import web

from paper.wire.answers import one
from paper.wire.order_json import Json

_ADDRESS = {
    "street-one": "1 Paper Street",
    "city": "New York",
    "state-region": "NY",
    "postal-code": "10005",
    "country": "USA",
    "is-domestic": True,
    "is-foreign": False,
}
_CUSTOMER: Json = {
    "id": "me",
    "first-name": "Paper",
    "last-name": "Trader",
    "address": _ADDRESS,
    "mailing-address": _ADDRESS,
    "is-foreign": False,
    "usa-citizenship-type": "Citizen",
    "citizenship-country": "USA",
    "mobile-phone-number": "+12125550100",
    "birth-date": "1990-01-01",
    "email": "paper@example.com",
    "tax-number-type": "SSN",
    "tax-number": "*****0000",
    "subject-to-tax-withholding": False,
    "agreed-to-margining": True,
    "agreed-to-terms": True,
    "has-industry-affiliation": False,
    "has-listed-affiliation": False,
    "has-political-affiliation": False,
    "has-delayed-quotes": False,
    "has-pending-or-approved-application": True,
    "is-professional": False,
    "permitted-account-types": [
        {
            "name": "Individual",
            "description": "Individual",
            "is-tax-advantaged": False,
            "is-publicly-available": True,
            "has-multiple-owners": False,
            "margin-types": [{"name": "Reg T", "is-margin": True}, {"name": "Cash", "is-margin": False}],
        }
    ],
    "created-at": "2020-01-02T15:00:00.000+00:00",
    "identifiable-type": "Person",
    "person": {
        "external-id": "P0000000000",
        "first-name": "Paper",
        "last-name": "Trader",
        "citizenship-country": "USA",
        "usa-citizenship-type": "Citizen",
        "employment-status": "EMPLOYED",
        "marital-status": "SINGLE",
        "number-of-dependents": 0,
    },
}


class CustomerRoutes:
    """/customers/me and /sessions/validate."""

    def routes(self) -> list[web.RouteDef]:
        """The paths."""
        return [web.get("/customers/me", self._me), web.post("/sessions/validate", self._validate)]

    async def _me(self, request: web.Request) -> web.Response:
        return one(request, _CUSTOMER)

    async def _validate(self, request: web.Request) -> web.Response:
        """Who asks with a bad token never gets here."""
        return one(request, {"email": _CUSTOMER["email"], "username": "paper", "external-id": "P0000000000"}, 201)
