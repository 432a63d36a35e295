# frozen_string_literal: true

module Shop
  # What the shop declines before anything is sent or booked; the message says why.
  class Refused < StandardError
  end
end
