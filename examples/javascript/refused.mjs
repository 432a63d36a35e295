/** What the shop declines before anything is sent or booked; the message says why. */
export class Refused extends Error {}
