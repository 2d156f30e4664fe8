from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models


class Client(AbstractBaseUser):
    """The user of a token is the client, so there is nothing more to look up."""

    email = models.EmailField(unique=True)
    name = models.TextField()
    company = models.TextField(null=True)
    phone = models.TextField(null=True)
    address1 = models.TextField()
    address2 = models.TextField(null=True)
    city = models.TextField()
    state = models.TextField()
    postcode = models.TextField()
    country = models.CharField(max_length=2)
    currency_code = models.CharField(max_length=3)
    status = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
