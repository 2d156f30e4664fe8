"""Django REST framework: SCHEME=authtoken is its own TokenAuthentication, SCHEME=knox is django-rest-knox."""
