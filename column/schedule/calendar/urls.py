from django.urls import path

from column.schedule.calendar.my_calendar import calendar_feed

urlpatterns = [path("lich/<slug:secret>.ics", calendar_feed, name="calendar_feed")]
