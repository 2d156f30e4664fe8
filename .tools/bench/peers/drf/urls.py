from django.urls import path
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer
from rest_framework.views import APIView

from drf.models import Client


class ClientSerializer(ModelSerializer):
    class Meta:
        model = Client
        exclude = ("password", "last_login")


class Me(APIView):
    def get(self, request):
        return Response({"data": ClientSerializer(request.user).data})


urlpatterns = [path("api/v1/me", Me.as_view())]
