"""Calls the API with the client that openapi-python-client made."""

import os
import sys
from datetime import datetime

from opentill_api_client import AuthenticatedClient, Client
from opentill_api_client.api.account import head_me, me, token
from opentill_api_client.api.description import openapi
from opentill_api_client.models import Me

url = sys.argv[1]
mine = AuthenticatedClient(base_url=url, token=os.environ["OPENTILL_TOKEN"])
answer = me.sync(client=mine)
assert isinstance(answer, Me), answer
assert answer.data.email == "schemathesis@example.com"
assert isinstance(answer.data.created_at, datetime)
itself = token.sync(client=mine)
assert itself.data.name == "Schemathesis"
assert isinstance(itself.data.created_at, datetime)
assert head_me.sync_detailed(client=mine).status_code == 200
assert openapi.sync(client=Client(base_url=url)) is not None

refused = me.sync_detailed(client=AuthenticatedClient(base_url=url, token="ot_live_wrong"))
assert refused.status_code == 401
assert refused.parsed.message == "Unauthenticated."
