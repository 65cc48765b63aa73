"""Dates as publishers write them: each is read rightly or not at all."""

from datetime import UTC, date, datetime

import pytest

from worker.feeds.dates import DateReader

TEN = "2026-10-21T10:00"
EIGHT = "2026-10-21T08:00"
SEVEN = "2026-10-21T07:00"
TWO = "2026-10-21T02:00"
WINTER = "2026-12-21T10:00"

MOMENTS = {
    # RFC 822 and 2822, as most feeds write them and as some do
    "Wed, 21 Oct 2026 10:00:00 GMT": TEN,
    "Wed, 21 Oct 2026 10:00:00 UTC": TEN,
    "Wed, 21 Oct 2026 10:00:00 UT": TEN,
    "Wed, 21 Oct 2026 10:00:00 Z": TEN,
    "Wed, 21 Oct 2026 10:00:00 gmt": TEN,
    "Wed, 21 Oct 2026 10:00:00 +0000": TEN,
    "Wed, 21 Oct 2026 10:00:00 -0000": TEN,
    "Wed, 21 Oct 2026 10:00:00 +00:00": TEN,
    "Wed, 21 Oct 2026 12:00:00 +0200": TEN,
    "Wed, 21 Oct 2026 12:00:00 +02:00": TEN,
    "Wed, 21 Oct 2026 12:00:00 +02": TEN,
    "Wed, 21 Oct 2026 12:00:00 +2": TEN,
    "Wed, 21 Oct 2026 12:00:00 GMT+2": TEN,
    "Wed, 21 Oct 2026 12:00:00 GMT+0200": TEN,
    "Wed, 21 Oct 2026 12:00:00 UTC+02:00": TEN,
    "Wed, 21 Oct 2026 12:00:00 (UTC+2)": None,
    "Wed, 21 Oct 2026 06:00:00 -0400": TEN,
    "Wed, 21 Oct 2026 15:30:00 +0530": TEN,
    "Wed, 21 Oct 2026 15:45:00 +0545": TEN,
    "Wed, 21 Oct 2026 22:45:00 +1245": TEN,
    "Wed, 21 Oct 2026 24:00:00 +1400": None,
    "Thu, 22 Oct 2026 00:00:00 +1400": TEN,
    "Tue, 20 Oct 2026 22:00:00 -1200": TEN,
    "Wed, 21 Oct 2026 10:00 GMT": TEN,
    "Wed, 21 Oct 2026 10:00 +0000": TEN,
    "Wed,21 Oct 2026 10:00:00 GMT": TEN,
    "Wed 21 Oct 2026 10:00:00 GMT": TEN,
    "Wed, 21 Oct 2026  10:00:00  GMT": TEN,
    "  Wed, 21 Oct 2026 10:00:00 GMT\n": TEN,
    "Wed,\n 21 Oct 2026\t10:00:00 GMT": TEN,
    "21 Oct 2026 10:00:00 GMT": TEN,
    "21 Oct 26 10:00:00 GMT": TEN,
    "Wed, 21 Oct 26 10:00:00 +0000": TEN,
    "Wed, 7 Oct 2026 10:00:00 GMT": "2026-10-07T10:00",
    "Wednesday, 21 October 2026 10:00:00 GMT": TEN,
    "Wednesday, 21 October 2026 10:00 UTC": TEN,
    "Wed, 21 OCT 2026 10:00:00 GMT": TEN,
    "wed, 21 oct 2026 10:00:00 +0000": TEN,
    "Mon, 21 Sep 2026 10:00:00 GMT": "2026-09-21T10:00",
    "Mon, 21 Sept 2026 10:00:00 GMT": "2026-09-21T10:00",
    "Wed, 21 Oct 2026 10:00:00 +0000 (UTC)": TEN,
    "Wed, 21 Oct 2026 12:00:00 +0200 (CEST)": TEN,
    "Wed, 21 Oct 2026 12:00:00 +0200 (Central European Summer Time)": TEN,
    "Wed, 21 Oct 2026 10:00:59 GMT": "2026-10-21T10:00:59",
    "Sat, 29 Feb 2028 10:00:00 GMT": "2028-02-29T10:00",
    "Thu, 31 Dec 2026 23:59:59 GMT": "2026-12-31T23:59:59",
    "Fri, 01 Jan 2027 00:30:00 +0100": "2026-12-31T23:30",
    # names of zones that have one meaning
    "Wed, 21 Oct 2026 12:00:00 CEST": TEN,
    "Mon, 21 Dec 2026 11:00:00 CET": WINTER,
    "Wed, 21 Oct 2026 13:00:00 EEST": TEN,
    "Mon, 21 Dec 2026 12:00:00 EET": WINTER,
    "Wed, 21 Oct 2026 11:00:00 WEST": TEN,
    "Mon, 21 Dec 2026 10:00:00 WET": WINTER,
    "Wed, 21 Oct 2026 13:00:00 MSK": TEN,
    "Wed, 21 Oct 2026 13:00:00 (MSK)": TEN,
    "Wed, 21 Oct 2026 13:00:00 TRT": TEN,
    "Wed, 21 Oct 2026 13:00:00 EAT": TEN,
    "Wed, 21 Oct 2026 12:00:00 CAT": TEN,
    "Wed, 21 Oct 2026 12:00:00 SAST": TEN,
    "Wed, 21 Oct 2026 19:00:00 JST": TEN,
    "Wed, 21 Oct 2026 19:00:00 KST": TEN,
    "Wed, 21 Oct 2026 18:00:00 HKT": TEN,
    "Wed, 21 Oct 2026 18:00:00 SGT": TEN,
    "Wed, 21 Oct 2026 18:00:00 AWST": TEN,
    "Wed, 21 Oct 2026 17:00:00 WIB": TEN,
    "Wed, 21 Oct 2026 17:00:00 ICT": TEN,
    "Wed, 21 Oct 2026 15:00:00 PKT": TEN,
    "Wed, 21 Oct 2026 15:45:00 NPT": TEN,
    "Wed, 21 Oct 2026 07:00:00 BRT": TEN,
    "Wed, 21 Oct 2026 06:00:00 EDT": TEN,
    "Wed, 21 Oct 2026 05:00:00 CDT": TEN,
    "Wed, 21 Oct 2026 04:00:00 MDT": TEN,
    "Wed, 21 Oct 2026 03:00:00 PDT": TEN,
    "Wed, 21 Oct 2026 02:00:00 AKDT": TEN,
    "Wed, 21 Oct 2026 00:00:00 HST": TEN,
    "Mon, 21 Dec 2026 05:00:00 EST": WINTER,
    "Mon, 21 Dec 2026 03:00:00 MST": WINTER,
    "Mon, 21 Dec 2026 02:00:00 PST": WINTER,
    "Mon, 21 Dec 2026 21:00:00 AEDT": WINTER,
    "Tue, 21 Jul 2026 20:00:00 AEST": "2026-07-21T10:00",
    "Mon, 21 Dec 2026 23:00:00 NZDT": WINTER,
    "Tue, 21 Jul 2026 22:00:00 NZST": "2026-07-21T10:00",
    "Mon, 21 Dec 2026 20:30:00 ACDT": WINTER,
    # RFC 3339 and its relations
    "2026-10-21T10:00:00Z": TEN,
    "2026-10-21T10:00:00z": TEN,
    "2026-10-21T10:00Z": TEN,
    "2026-10-21T10:00:00.5Z": "2026-10-21T10:00:00.500000",
    "2026-10-21T10:00:00.123Z": "2026-10-21T10:00:00.123000",
    "2026-10-21T10:00:00.123456789Z": "2026-10-21T10:00:00.123456",
    "2026-10-21T12:00:00+02:00": TEN,
    "2026-10-21T12:00:00+0200": TEN,
    "2026-10-21T12:00:00+02": TEN,
    "2026-10-21T12:00+02:00": TEN,
    "2026-10-21T12:00+0200": TEN,
    "2026-10-21T06:30:00-03:30": TEN,
    "2026-10-21T05:00:00−05:00": TEN,
    "2026-10-21T12:00:00 +0200": TEN,
    "2026-10-21 10:00:00Z": TEN,
    "2026-10-21 10:00:00 Z": TEN,
    "2026-10-21 10:00:00 UTC": TEN,
    "2026-10-21 10:00:00 GMT": TEN,
    "2026-10-21 12:00:00 +0200": TEN,
    "2026-10-21 12:00:00+02:00": TEN,
    "2026-10-21 12:00:00 CEST": TEN,
    "2026-10-21 13:00 MSK": TEN,
    "20261021T100000Z": TEN,
    "20261021T120000+0200": TEN,
    "2026-W43-3T10:00:00Z": TEN,
    "2026/10/21 19:00:00 +0900": TEN,
    "2026.10.21 19:00:00 +0900": TEN,
    "2028-02-29T10:00:00Z": "2028-02-29T10:00",
    # asctime, which puts the year last
    "Wed Oct 21 10:00:00 UTC 2026": TEN,
    "Wed Oct 21 10:00:00 GMT 2026": TEN,
    "Wed Oct 21 13:00:00 +0300 2026": TEN,
    "Wed Oct 21 12:00:00 CEST 2026": TEN,
    "Wed Oct 07 10:00:00 UTC 2026": "2026-10-07T10:00",
    # epoch seconds and milliseconds
    "1792576800": TEN,
    "1792576800000": TEN,
    "1792576800.25": TEN,
    # other orders in English
    "Oct 21, 2026 06:00 AM EDT": TEN,
    "October 21, 2026 10:00 AM GMT": TEN,
    "Wednesday, October 21, 2026 10:00 AM UTC": TEN,
    "Wed, 21 Oct 2026 10:00 AM GMT": TEN,
    "Wed, 21 Oct 2026 10:00 PM +1200": TEN,
    "10/21/2026 10:00:00 AM +0000": TEN,
    "10/21/2026 10:00 PM GMT": "2026-10-21T22:00",
    "21/10/2026 10:00 +0000": TEN,
    "21.10.2026 12:00 +0200": TEN,
    "21-Oct-2026 10:00:00 GMT": TEN,
    "21-10-2026 10:00 GMT": TEN,
    # months and days by their own names
    "21 октября 2026 10:00:00 +0300": SEVEN,
    "21 окт 2026 10:00 MSK": SEVEN,
    "ср, 21 окт. 2026 10:00:00 GMT+3": SEVEN,
    "Ср, 21 окт 2026 10:00:00 +0300": SEVEN,
    "21 жовтня 2026 10:00 +0300": SEVEN,
    "21 кастрычніка 2026 10:00 +0300": SEVEN,
    "21 октомври 2026 10:00 +0300": SEVEN,
    "Mi, 21 Okt 2026 10:00:00 +0200": EIGHT,
    "21. Oktober 2026 10:00 +0200": EIGHT,
    "Mittwoch, 21. Oktober 2026 10:00 +0200": EIGHT,
    "mié, 21 oct 2026 10:00:00 +0200": EIGHT,
    "21 de octubre de 2026 10:00 +0200": EIGHT,
    "mer., 21 oct. 2026 10:00:00 +0200": EIGHT,
    "21 octobre 2026 10:00 +0200": EIGHT,
    "lun., 21 déc. 2026 11:00:00 +0100": WINTER,
    "21 août 2026 12:00 +0200": "2026-08-21T10:00",
    "mer, 21 ott 2026 10:00:00 +0200": EIGHT,
    "21 ottobre 2026 10:00 +0200": EIGHT,
    "21 de outubro de 2026 10:00 +0200": EIGHT,
    "qua, 21 out 2026 07:00:00 -0300": TEN,
    "21 października 2026 10:00 +0200": EIGHT,
    "21 října 2026 10:00 +0200": EIGHT,
    "21 oktober 2026 10:00 +0200": EIGHT,
    "21 lokakuuta 2026 10:00 +0300": SEVEN,
    "21 Οκτωβρίου 2026 10:00 +0300": SEVEN,
    "21 Ekim 2026 10:00 +0300": SEVEN,
    "Çar, 21 Eki 2026 10:00:00 +0300": SEVEN,
    "21 octombrie 2026 10:00 +0300": SEVEN,
    "21 Oktober 2026 17:00 WIB": TEN,
    "21 tháng 10 2026 17:00 +0700": TEN,
    "21 أكتوبر 2026 10:00 +0300": SEVEN,
    "٢١ أكتوبر ٢٠٢٦ ١٠:٠٠ +0300": SEVEN,
    "21 अक्टूबर 2026 15:30 +0530": TEN,
    "2026年10月21日 10:00 +0800": TWO,
    "2026年10月21日 10:00:00 +0800": TWO,
    "2026年10月21日 19時00分 +09:00": TEN,
    "2026년 10월 21일 19:00 +0900": TEN,
    "２０２６-10-21T10:00:00Z": TEN,
}

# The hour, its offset or both are missing or doubtful: the day is all that is sure.
DAYS = (
    "2026-10-21",
    "2026-10-21 10:00:00",
    "2026-10-21T10:00:00",
    "2026-10-21T10:00",
    "20261021",
    "20261021T100000",
    "Wed, 21 Oct 2026",
    "Wed, 21 Oct 2026 10:00",
    "Wed, 21 Oct 2026 10:00:00",
    "21 Oct 2026",
    "October 21, 2026",
    "Oct 21, 2026 10:00 AM",
    "21/10/2026",
    "10/21/2026",
    "21.10.2026 10:00",
    "2026/10/21 10:00",
    "2026年10月21日",
    "2026年10月21日 10:00",
    "2026년 10월 21일",
    "21 октября 2026",
    "21 октября 2026, 10:00",
    "21 Okt 2026 10:00",
    "21 octobre 2026",
    "21 أكتوبر 2026",
    "Wed, 21 Oct 2026 10:00:00 IST",
    "Wed, 21 Oct 2026 10:00:00 CST",
    "Wed, 21 Oct 2026 10:00:00 BST",
    "Wed, 21 Oct 2026 10:00:00 AST",
    "Wed, 21 Oct 2026 10:00:00 SST",
    "Wed, 21 Oct 2026 10:00:00 XYZ",
    "Wed, 21 Oct 2026 10:00:00 A",
    "Wed Oct 21 10:00:00 CST 2026",
    "Wed Oct 21 10:00:00 IST 2026",
    "Wed, 21 Oct 2026 10:00:00 +9900",
    "Wed, 21 Oct 2026 10:00:00 +0007",
    "2026-10-21T10:00:00+99:00",
    "2026-10-21T10:00:00-13:00",
)
SUMMERS = ("CET", "EET", "WET", "EST", "MST", "PST", "AEDT", "NZDT")
WINTERS = ("CEST", "EEST", "WEST", "EDT", "CDT", "PDT", "AEST", "NZST")

NOTHING = (
    "",
    " ",
    "yesterday",
    "now",
    "2 hours ago",
    "Today 10:00 GMT",
    "10:00 GMT",
    "Oct 2026",
    "2026",
    "21 Oct",
    "10/11/2026",
    "10/11/2026 10:00 +0000",
    "10.11.2026 10:00 +0200",
    "26-10-11 10:00 +0000",
    "2026102110",
    "20261021100000",
    "17925768",
    "Wed, 31 Feb 2026 10:00:00 GMT",
    "Sun, 29 Feb 2026 10:00:00 GMT",
    "2026-02-29T10:00:00Z",
    "2026-02-31T10:00:00Z",
    "2026-13-21T10:00:00Z",
    "2026-10-32T10:00:00Z",
    "Wed, 21 Oct 2026 24:00:00 GMT",
    "2026-10-21T24:00:00Z",
    "Wed, 21 Oct 2026 25:61:00 GMT",
    "2026-10-21T10:00:60Z",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "1970-01-01T00:00:00Z",
    "Mon, 01 Jan 0001 00:00:00 GMT",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "Wed, 21 Oct 1026 10:00:00 GMT",
    "1405/07/29 10:00 +0330",
    "21 ต.ค. 2569 10:00 +0700",
    "0",
    "-1",
    "99999999999999999999",
    "null",
    "None",
    "N/A",
    "Invalid Date",
    "{{ pubDate }}",
    "Wed, 21 Oct 2026 10:00:00 PST PDT",
    "Wed, Oct",
    "T10:00:00Z",
    "++++",
    "x" * 5000,
    "1" * 99,
)


def test_the_suite_holds_at_least_two_hundred_forms() -> None:
    assert len(MOMENTS) + len(DAYS) + len(SUMMERS) + len(WINTERS) + len(NOTHING) >= 200


@pytest.mark.parametrize(("written", "moment"), MOMENTS.items())
def test_a_date_with_time_and_offset_is_the_moment_that_it_says(written: str, moment: str | None) -> None:
    expected = datetime.fromisoformat(moment).replace(tzinfo=UTC) if moment else None
    assert DateReader().read(written).at == expected


@pytest.mark.parametrize("written", DAYS)
def test_without_a_sure_offset_only_the_day_is_known(written: str) -> None:
    assert DateReader().read(written) == (None, date(2026, 10, 21))


@pytest.mark.parametrize("zone", SUMMERS)
def test_a_zone_out_of_season_in_july_is_in_doubt(zone: str) -> None:
    assert DateReader().read(f"Tue, 21 Jul 2026 10:00:00 {zone}") == (None, date(2026, 7, 21))


@pytest.mark.parametrize("zone", WINTERS)
def test_a_zone_out_of_season_in_december_is_in_doubt(zone: str) -> None:
    assert DateReader().read(f"Mon, 21 Dec 2026 10:00:00 {zone}") == (None, date(2026, 12, 21))


@pytest.mark.parametrize("written", NOTHING, ids=lambda w: w[:40])
def test_what_is_no_date_gives_nothing(written: str) -> None:
    assert DateReader().read(written) == (None, None)


def test_once_its_slow_calls_are_used_a_reader_gives_hard_dates_up_and_reads_plain_ones() -> None:
    reader = DateReader(slow_calls=1)
    assert reader.read("21 октября 2026 10:00 +0300").at
    assert reader.read("22 октября 2026 10:00 +0300") == (None, None)
    assert reader.read("21 октября 2026 10:00 +0300").at
    assert reader.read("Wed, 21 Oct 2026 10:00:00 GMT").at
