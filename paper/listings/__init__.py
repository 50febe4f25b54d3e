"""What is listed, and when it trades: products, calendar, instruments and sessions. All of it follows from the date."""
