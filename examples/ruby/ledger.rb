# frozen_string_literal: true

require 'time'
require_relative 'refused'

module Shop
  # Amounts are whole numbers of the currency's smallest unit; a float cannot hold 0.10 exactly.
  module Money
    TWO = %w[AED AUD CAD CHF CNY CZK DKK EUR GBP HKD IDR ILS LKR MUR MYR NOK NZD PHP RUB SEK SGD THB USD ZAR].freeze
    DECIMALS = TWO.to_h { |currency| [currency, 2] }.merge('JPY' => 0, 'KRW' => 0, 'VND' => 0).freeze

    module_function

    def decimals(currency)
      DECIMALS.fetch(currency) { raise Refused, 'the currency is unknown' }
    end

    def parse(text, currency)
      decimals = decimals(currency)
      match = /\A(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?\z/.match(text)
      raise Refused, 'an amount is written like 12.30, without sign, blanks or exponent' if match.nil?
      raise Refused, "#{currency} has #{decimals} decimals" if match[2].to_s.size > decimals

      (match[1] + match[2].to_s.ljust(decimals, '0')).to_i
    end

    # In what Alipay sends, JPY 100 may be written 100.00: the same amount, exactly.
    def read(text, currency)
      parse(decimals(currency).zero? ? text.sub(/\.0{1,2}\z/, '') : text, currency)
    end

    def format(amount, currency)
      decimals = decimals(currency)
      decimals.zero? ? amount.to_s : Kernel.format('%d.%02d', *amount.divmod(100))
    end
  end

  # Alipay's clock is GMT+8, wherever the shop stands.
  module Beijing
    ZONE = '+08:00'

    module_function

    def parse(text)
      raise Refused, 'a time is written yyyy-MM-dd HH:mm:ss' unless /\A\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\z/.match?(text)

      moment = Time.strptime("#{text} #{ZONE}", '%Y-%m-%d %H:%M:%S %z')
      # Ruby reads 30 February as 2 March.
      self.text(moment) == text ? moment : raise(Refused, 'a time names no day of the calendar')
    rescue ArgumentError
      raise Refused, 'a time names no day of the calendar'
    end

    def text(moment)
      moment.getlocal(ZONE).strftime('%Y-%m-%d %H:%M:%S')
    end

    def same_day?(one, other)
      !one.nil? && text(one)[0, 10] == text(other)[0, 10]
    end
  end

  # Status: none, waiting, paid, cancelled or closed; see also Ledger#state. Undecided: a CANCEL is under way, or
  # ended without a clear answer.
  Trade = Struct.new(:out_trade_no, :status, :undecided, :trade_no, :total, :currency, :was_paid, :paid_at, :fulfilled)

  # State: unknown, accepted, done or failed.
  Refund = Struct.new(:id, :out_trade_no, :amount, :currency, :state) do
    def pending?
      %w[unknown accepted].include?(state)
    end
  end

  # What a notification says whose signature holds.
  News = Struct.new(:out_trade_no, :trade_no, :status, :total, :currency, :paid_at, :qrcode, :is_refund, :refund_id,
                    :refund_fee, keyword_init: true)

  # What happened to every trade, and what may happen next. A real shop keeps this in its database, one
  # transaction per call. Nothing is booked here that Alipay has not signed.
  class Ledger
    def initialize
      @trades = {}
      @refunds = {}
      @awaited = [] # payments on a static code, whose number only Alipay knows
    end

    def find(out_trade_no)
      @trades[out_trade_no]
    end

    def find_refund(refund_id)
      @refunds[refund_id]
    end

    # --- payments -------------------------------------------------------------------------------------

    def expect(out_trade_no, qrcode, total, currency)
      return @awaited << [qrcode, total, currency] if out_trade_no.nil?

      trade = open(out_trade_no)
      trade.status = 'waiting' if trade.status == 'none' && !trade.undecided
      trade.total, trade.currency = total, currency unless trade.was_paid
    end

    # Books what a notification says. Saying it again changes nothing, and no trade ever goes back.
    def book(news)
      known = find(news.out_trade_no) || fresh(news.out_trade_no)
      compare(known, news)
      check_refund(known, news) if news.is_refund
      take_awaited(news) if known.total.nil? && !news.is_refund
      trade = open(news.out_trade_no)
      trade.trade_no ||= news.trade_no
      trade.total, trade.currency = news.total, news.currency if trade.total.nil?

      case news.status
      when 'WAIT_BUYER_PAY', 'TRADE_PENDING' then trade.status = 'waiting' if trade.status == 'none'
      when 'TRADE_SUCCESS', 'TRADE_FINISHED' then book_payment(trade, news)
      end
      book_refund(trade, news) if news.is_refund
      book_closing(trade) if news.status == 'TRADE_CLOSED'
    end

    # --- refunds --------------------------------------------------------------------------------------

    # May a new refund be asked for?
    def may_refund(refund, trade_no, now)
      trade = find(refund.out_trade_no)
      raise Refused, 'no payment of this trade is known' unless trade&.was_paid
      raise Refused, 'the trade has another trade_no' if other?(trade_no, trade.trade_no)
      raise Refused, "the trade is #{trade.status}" if trade.status != 'paid'
      if trade.undecided && Beijing.same_day?(trade.paid_at, now)
        raise Refused, 'a cancel of this trade has no clear answer yet: repeat it first'
      end
      raise Refused, "the trade was paid in #{trade.currency}" if refund.currency != trade.currency
      raise Refused, 'more than what remains of the payment' if refund.amount > remaining(trade)
    end

    # Noted before the request is sent: if the program dies now, the money counts as spent.
    def refund_sent(refund)
      refund.state = 'unknown'
      @refunds[refund.id] = refund
    end

    def refund_done(refund)
      refund.state = 'done'
      find(refund.out_trade_no).undecided = false # it proves that the trade had not been cancelled
    end

    def refunded(out_trade_no)
      @refunds.each_value.sum { |each| each.out_trade_no == out_trade_no && each.state == 'done' ? each.amount : 0 }
    end

    def pending(out_trade_no)
      @refunds.each_value.sum { |each| each.out_trade_no == out_trade_no && each.pending? ? each.amount : 0 }
    end

    # --- cancelling -----------------------------------------------------------------------------------

    def may_cancel(out_trade_no, trade_no, now)
      trade = find(out_trade_no) or return # a payment that never arrived here may still be rolled back
      raise Refused, 'the trade has another trade_no' if other?(trade_no, trade.trade_no)
      raise Refused, 'the trade is closed' if trade.status == 'closed'
      raise Refused, 'a refund was made: refund the rest instead' if refund?(trade)
      if trade.was_paid && !Beijing.same_day?(trade.paid_at, now)
        raise Refused, 'the day of the payment is over in Beijing: refund instead'
      end
    end

    # Noted before the request is sent.
    def cancel_sent(out_trade_no)
      open(out_trade_no).tap { |trade| trade.undecided = trade.status != 'cancelled' }
    end

    def cancel_done(trade)
      trade.undecided = false
      trade.status = 'cancelled'
    end

    # --- looking --------------------------------------------------------------------------------------

    def state(out_trade_no)
      trade = find(out_trade_no)
      return 'none' if trade.nil?
      return 'undecided' if trade.undecided

      refunded = refunded(out_trade_no)
      return trade.status if trade.status != 'paid' || refunded.zero?

      refunded == trade.total ? 'refunded' : 'partly_refunded'
    end

    private

    def fresh(out_trade_no)
      Trade.new(out_trade_no, 'none', false, nil, nil, nil, false, nil, 0)
    end

    def open(out_trade_no)
      @trades[out_trade_no] ||= fresh(out_trade_no)
    end

    def other?(given, known)
      given && known && given != known
    end

    def refund?(trade)
      (refunded(trade.out_trade_no) + pending(trade.out_trade_no)).positive?
    end

    def remaining(trade)
      trade.total - refunded(trade.out_trade_no) - pending(trade.out_trade_no)
    end

    # News that contradict what is known or announced are not booked, however well they are signed.
    def compare(trade, news)
      raise Refused, 'the trade has another trade_no' if other?(news.trade_no, trade.trade_no)
      raise Refused, 'the amount is missing' if trade.total.nil? && news.total.nil?
      return if trade.total.nil? || news.total.nil?
      return if [trade.total, trade.currency] == [news.total, news.currency]

      raise Refused, 'the amount or the currency is another'
    end

    # Where payments are awaited on static codes, a new trade must be one of them.
    def take_awaited(news)
      at = @awaited.index do |qrcode, total, currency|
        [total, currency] == [news.total, news.currency] && !other?(qrcode, news.qrcode)
      end
      raise Refused, 'another amount is awaited' if at.nil? && @awaited.any?

      @awaited.delete_at(at) if at
    end

    def book_payment(trade, news)
      return if trade.was_paid

      trade.was_paid = true
      trade.paid_at = news.paid_at
      return unless %w[none waiting].include?(trade.status)

      trade.status = 'paid'
      trade.fulfilled += 1 unless trade.undecided || news.is_refund # the goods leave the shop here, once
    end

    def book_closing(trade)
      if trade.undecided
        cancel_done(trade)
      elsif trade.status != 'cancelled' && !(refund?(trade) && remaining(trade).zero?)
        trade.status = 'closed' # not by a full refund of ours: that has a state of its own
      end
    end

    def check_refund(trade, news)
      if news.refund_id.nil?
        return if trade.status == 'cancelled' # the money that our own CANCEL gave back

        raise Refused, 'out_biz_no is missing'
      end
      refund = find_refund(news.refund_id)
      amount = news.refund_fee || refund&.amount or raise Refused, 'refund_fee is missing'
      if refund && [refund.out_trade_no, refund.amount] != [news.out_trade_no, amount]
        raise Refused, 'the refund was asked for with other data'
      end

      rest = trade.total.nil? ? news.total : remaining(trade)
      is_new = refund.nil? || refund.state == 'failed'
      raise Refused, 'more than what remains of the payment' if is_new && amount > rest
    end

    def book_refund(trade, news)
      return if news.refund_id.nil?

      if %w[none waiting].include?(trade.status) # what is refunded was paid, even if that news never came
        trade.status, trade.was_paid, trade.paid_at = 'paid', true, news.paid_at
      end
      @refunds[news.refund_id] ||= Refund.new(news.refund_id, trade.out_trade_no, news.refund_fee, trade.currency)
      refund_done(@refunds[news.refund_id])
    end
  end
end
