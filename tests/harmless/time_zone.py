"""The reference merchant with its clock and its books in other zones."""

import time
from datetime import UTC, datetime, timedelta, timezone

from harmless.base import BEIJING, Healthy, harmless


@harmless()
class BooksInUtc(Healthy):
    """Keeps the payment time in UTC (adapter protocol: gmt_payment is GMT+8, whatever a shop keeps)."""

    def payment_time(self, news):
        return super().payment_time(news).astimezone(UTC)


@harmless()
class BooksInSeconds(Healthy):
    """Keeps the payment time as seconds since 1970 (adapter protocol: gmt_payment is GMT+8)."""

    def payment_time(self, news):
        return datetime.fromtimestamp(int(super().payment_time(news).timestamp()), UTC)


@harmless()
class BooksInNewYork(Healthy):
    """Keeps the payment time in GMT-5 (adapter protocol: gmt_payment is GMT+8)."""

    def payment_time(self, news):
        return super().payment_time(news).astimezone(timezone(timedelta(hours=-5)))


@harmless()
class AddsEightHours(Healthy):
    """Finds the Beijing day by adding eight hours to UTC (Cancel Flow 2: GMT+8 has no summer time)."""

    def same_day(self, paid_at, now):
        days = [int(each.timestamp() + 8 * 3600) // 86400 for each in (paid_at, now)]
        return days[0] == days[1]


@harmless()
class NamesItsZone(Healthy):
    """Writes the timestamp from the UTC fields of a struct_time eight hours ahead (CREATE page: GMT+8)."""

    def timestamp(self):
        return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(self.now.timestamp() + 8 * 3600))


@harmless()
class CountsToMidnight(Healthy):
    """Asks whether the midnight after the payment has come (Cancel Flow 2: the transaction day)."""

    def same_day(self, paid_at, now):
        start = paid_at.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
        return now < start + timedelta(days=1)
