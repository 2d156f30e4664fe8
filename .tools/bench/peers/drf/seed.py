"""Reads clients and how many tokens each is to have, and writes the tokens, each on a line."""

import json
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

django.setup()

from drf.models import Client

if settings.SCHEME == "knox":
    from knox.models import AuthToken

    def new_token(client):
        return AuthToken.objects.create(client)[1]

else:
    from rest_framework.authtoken.models import Token

    def new_token(client):
        return Token.objects.create(user=client).key


call_command("migrate", run_syncdb=True, verbosity=0)
wanted = json.load(sys.stdin)
with transaction.atomic():
    for fields in wanted["clients"]:
        client = Client.objects.create(**fields)
        for _ in range(wanted["each"]):
            print(new_token(client))
