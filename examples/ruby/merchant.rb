# frozen_string_literal: true

require 'json'
require_relative 'gateway'
require_relative 'ledger'

module Shop
  # The shop's side of Alipay's Merchant QR Code: create a code, receive payments, cancel, refund.
  #
  # Every operation answers a hash with 'outcome' (success, accepted, failed or unknown) and raises Refused
  # where the shop itself declines, before anything is sent.
  class Merchant
    # Members of biz_data: longest length, and pattern where there is one.
    BIZ_DATA = {
      'secondary_merchant_industry' => [4, /\A[0-9]{4}\z/],
      'secondary_merchant_id' => [64, /\A[A-Za-z0-9_]+\z/],
      'secondary_merchant_name' => [64, //],
      'store_id' => [32, /\A[A-Za-z0-9_-]+\z/],
      'store_name' => [2000, //],
      'trans_currency' => [3, //],
      'currency' => [3, //],
      'country_code' => [2, /\A[A-Z]{2}\z/],
      'notify_mobile' => [32, /\A[0-9]+\z/]
    }.freeze
    COMPULSORY = BIZ_DATA.keys.first(7).freeze
    TAXI = '4121'
    # refund_amount is a Number(9,2): seven digits before the point.
    REFUND_AMOUNT = /\A[0-9]{1,7}(\.[0-9]{1,2})?\z/
    # A repeated refund may fail so because its first attempt was carried out after all.
    MAYBE_BY_ITSELF = %w[TRADE_HAS_CLOSE RETURN_AMOUNT_EXCEED].freeze
    STATUSES = %w[WAIT_BUYER_PAY TRADE_PENDING TRADE_SUCCESS TRADE_FINISHED TRADE_CLOSED].freeze
    ACTED_UPON = /&(?:notify_(?:id|type|action_type)|out_(?:trade|biz)_no|trade_(?:no|status)|total_fee
      |trans_currency|gmt_payment|refund_(?:fee|status)|seller_id|qrcode)=/x

    def initialize(account, ledger = Ledger.new, log: Logger.new($stderr), clock: -> { Time.now })
      @account = account
      @ledger = ledger
      @log = log
      @clock = clock
      @gateway = Gateway.new(account, log: log)
    end

    # --- CREATE ---------------------------------------------------------------------------------------

    def create_qr_code(biz_data, notify_url, gateway_url = nil)
      check_biz_data(biz_data)
      request = @gateway.prepare('alipay.commerce.qrcode.create', {
        'timestamp' => Beijing.text(@clock.call),
        'notify_url' => address(notify_url),
        'biz_type' => 'OVERSEASHOPQRCODE',
        # Encoded once: the same text is signed and sent.
        'biz_data' => compulsory('biz_data', JSON.generate(biz_data), 2000)
      }, gateway_url)
      reply = @gateway.send_request(*request)
      result(reply.unless_about(reply['qrcode']), 'qrcode', 'qrcode_img_url')
    end

    # --- CANCEL ---------------------------------------------------------------------------------------

    def cancel(out_trade_no, trade_no = nil, gateway_url = nil)
      now = @clock.call
      @ledger.may_cancel(out_trade_no, trade_no, now)
      request = @gateway.prepare('alipay.acquire.cancel', {
        'timestamp' => now.strftime('%s%L'),
        'out_trade_no' => compulsory('out_trade_no', out_trade_no, 64),
        'trade_no' => optional('trade_no', trade_no, 64)
      }, gateway_url)

      is_repeat = @ledger.find(out_trade_no)&.undecided
      trade = @ledger.cancel_sent(out_trade_no)
      reply = @gateway.send_request(*request)
      reply = reply.unless_about(
        reply['out_trade_no'] == out_trade_no && same_if_given(reply['trade_no'], trade_no || trade.trade_no)
      )
      if reply.outcome == 'success'
        @ledger.cancel_done(trade)
        return result(reply, 'action').merge('via' => 'cancel')
      end
      trade.undecided = false if reply.outcome == 'failed' && (reply.signed || !is_repeat)
      result(reply)
    end

    # --- REFUND ---------------------------------------------------------------------------------------

    # order: the parameters of REFUND by name
    def refund(order, gateway_url = nil)
      refund, fields = check_refund(order)
      request = @gateway.prepare('alipay.acquire.overseas.spot.refund', fields, gateway_url)

      known = @ledger.find_refund(refund.id)
      if known && known.to_a.first(4) != refund.to_a.first(4)
        raise Refused, 'this partner_refund_id names another refund'
      end
      return { 'outcome' => 'success' } if known&.state == 'done' # once is enough
      return { 'outcome' => 'accepted' } if known&.state == 'accepted'

      is_repeat = known&.pending?
      refund = known || refund
      @ledger.may_refund(refund, order['alipay_trans_id'], @clock.call) unless is_repeat
      @ledger.refund_sent(refund)
      reply = @gateway.send_request(*request)
      book_reply(reply.unless_about(confirms?(reply, refund)), refund, order['is_sync'] == 'Y', is_repeat)
    end

    # --- notifications --------------------------------------------------------------------------------

    def expect(out_trade_no, qrcode, total_fee, currency)
      @ledger.expect(out_trade_no, qrcode, Money.parse(total_fee, currency), currency)
    end

    # Receives a notification: returns the text to answer, and answer nothing else.
    #
    # Give it the raw body (request.body.read), not Rails' or Rack's params, which nest names with brackets and
    # swallow repeated ones, and nothing from the query of the notify URL.
    def notify(method, body)
      raise Refused, 'a notification is a POST' if method != 'POST'

      pairs = parse_form(body)
      raise Refused, 'the signature does not hold' unless Signing.verify(@account, pairs, @account.charset)

      @ledger.book(read_news(pairs.reject { |_, value| value.empty? }.to_h))
      'success'
    rescue Refused => e
      @log.warn("notification not accepted: #{e.message}")
      'fail'
    end

    # --- looking --------------------------------------------------------------------------------------

    def trade(out_trade_no)
      result = { 'state' => @ledger.state(out_trade_no) }
      trade = @ledger.find(out_trade_no)
      return result if trade&.currency.nil?

      result['paid'] = Money.format(trade.total, trade.currency) if trade.was_paid
      result.merge(
        'currency' => trade.currency,
        'refunded' => Money.format(@ledger.refunded(out_trade_no), trade.currency),
        'pending' => Money.format(@ledger.pending(out_trade_no), trade.currency),
        'fulfilled' => trade.fulfilled.to_s
      )
    end

    private

    # --- checks before sending ------------------------------------------------------------------------

    def check_biz_data(biz_data)
      is_taxi = biz_data['secondary_merchant_industry'] == TAXI
      COMPULSORY.each do |name|
        next if is_taxi && name.start_with?('store_')

        raise Refused, "biz_data.#{name} is missing" if biz_data[name].to_s.empty?
      end
      BIZ_DATA.each do |name, (longest, pattern)|
        next if biz_data[name].nil?

        unless pattern.match?(compulsory("biz_data.#{name}", biz_data[name], longest))
          raise Refused, "biz_data.#{name} holds a character that is not allowed there"
        end
      end
      check_currencies(*biz_data.values_at('trans_currency', 'currency', 'channel_fee'))
      passback = biz_data['passback_parameters']
      return unless passback.is_a?(Hash) && passback.each_value.any? { |value| value.is_a?(Enumerable) }

      raise Refused, 'biz_data.passback_parameters must be flat'
    end

    def check_currencies(pricing, settlement, fee)
      Money.decimals(pricing)
      Money.decimals(settlement)
      unless pricing == 'CNY' || ['CNY', pricing].include?(settlement)
        raise Refused, 'settlement is in CNY or in the pricing currency'
      end
      return if fee.nil?

      type, value = fee.values_at('type', 'value') if fee.is_a?(Hash)
      unless %w[FIXED RATE].include?(type) && value.is_a?(String)
        raise Refused, 'biz_data.channel_fee needs a type, FIXED or RATE, and a value'
      end
      return Money.parse(value, settlement) if type == 'FIXED'
      return if /\A0(\.(0[0-4][0-9]*|050*|00?))?\z/.match?(value)

      raise Refused, 'biz_data.channel_fee: a RATE lies between 0 and 0.05'
    end

    def check_refund(order)
      trade, id = %w[partner_trans_id partner_refund_id].map { |name| compulsory(name, order[name], 64) }
      currency = compulsory('currency', order['currency'], 10)
      amount = Money.parse(compulsory('refund_amount', order['refund_amount'], 10), currency)
      raise Refused, 'partner_refund_id must differ from partner_trans_id' if id == trade
      raise Refused, 'refund_amount is zero or too large' if amount.zero? || !REFUND_AMOUNT.match?(order['refund_amount'])

      is_sync = order['is_sync']
      raise Refused, 'is_sync is Y or N' unless [nil, 'Y', 'N'].include?(is_sync)

      # Alipay reports an asynchronous refund there.
      notify_url = order['notify_url'] || (is_sync == 'Y' ? nil : @account.notify_url)
      [Refund.new(id, trade, amount, currency, 'unknown'), {
        'partner_trans_id' => trade,
        'alipay_trans_id' => optional('alipay_trans_id', order['alipay_trans_id'], 64),
        'partner_refund_id' => id,
        'refund_amount' => Money.format(amount, currency),
        'currency' => currency,
        'refund_reason' => optional('refund_reason', order['refund_reason'], 128),
        'is_sync' => is_sync,
        'notify_url' => notify_url.to_s.empty? ? nil : address(notify_url)
      }]
    end

    def compulsory(name, value, longest)
      raise Refused, "#{name} is missing" unless value.is_a?(String) && !value.empty?
      raise Refused, "#{name} is longer than #{longest} characters" if value.size > longest

      value
    end

    def optional(name, value, longest)
      value.nil? || value == '' ? nil : compulsory(name, value, longest)
    end

    def address(url)
      return url if %r{\Ahttps?://[^\s/?#]\S*\z}.match?(compulsory('notify_url', url, 200))

      raise Refused, 'notify_url is not an address'
    end

    # --- reading what came ----------------------------------------------------------------------------

    def book_reply(reply, refund, is_sync, is_repeat)
      if reply.outcome == 'success' && !is_sync
        refund.state = 'accepted' # no money has moved yet: a notification will say so
        return { 'outcome' => 'accepted' }
      end
      if reply.outcome == 'success'
        @ledger.refund_done(refund)
      elsif reply.outcome == 'failed' && (!is_repeat || settles?(reply))
        refund.state = 'failed'
      end
      result(reply)
    end

    # Does the failure of a repeat say what became of the first attempt?
    def settles?(failure)
      failure.signed && !MAYBE_BY_ITSELF.include?(failure.code)
    end

    def confirms?(reply, refund)
      reply['partner_refund_id'] == refund.id &&
        same_if_given(reply['partner_trans_id'], refund.out_trade_no) &&
        same_if_given(reply['currency'], refund.currency) &&
        (reply['refund_amount'].nil? || Money.read(reply['refund_amount'], refund.currency) == refund.amount)
    rescue Refused
      false
    end

    def same_if_given(theirs, ours)
      theirs.nil? || ours.nil? || theirs == ours
    end

    def result(reply, *names)
      given = reply.outcome == 'success' ? names : []
      { 'outcome' => reply.outcome, **given.to_h { |name| [name, reply[name]] }, 'code' => reply.code }.compact
    end

    def parse_form(body)
      raise Refused, 'a percent sign encodes nothing' if /%(?![0-9A-Fa-f]{2})/n.match?(body.b)

      body.b.split('&').reject(&:empty?).map do |part|
        name, value = part.split('=', 2)
        [name.to_s, value.to_s].map do |half|
          bytes = half.tr('+', ' ').gsub(/%(..)/n) { [Regexp.last_match(1)].pack('H2') }
          Charset.decode(bytes, @account.charset)
        end
      end
    end

    # values are signed, and each name stood there once.
    def read_news(values)
      # The signed text is "a=1&b=2": whoever forwards it may move the border between two parameters and keep the
      # signature, so a seller_id can be hidden in the value before it. Such a value is not believed.
      raise Refused, 'a value holds another parameter' if values.each_value.any? { |value| ACTED_UPON.match?(value) }
      unless values['notify_type'] == 'trade_status_sync' && values.key?('notify_id')
        raise Refused, 'notify_type or notify_id is not what it should be'
      end
      raise Refused, 'this payment is for another seller' unless same_if_given(values['seller_id'], @account.partner)

      out_trade_no = compulsory('out_trade_no', values['out_trade_no'], 64)
      is_refund = values['notify_action_type'] == 'refundFPAction'
      check_status(values, is_refund)
      currency = values['trans_currency'] || @ledger.find(out_trade_no)&.currency
      News.new(
        out_trade_no: out_trade_no,
        trade_no: optional('trade_no', values['trade_no'], 64),
        status: values['trade_status'],
        total: positive(values['total_fee'], currency),
        currency: currency,
        paid_at: values['gmt_payment'] && Beijing.parse(values['gmt_payment']),
        qrcode: values['qrcode'],
        is_refund: is_refund,
        refund_id: is_refund ? optional('out_biz_no', values['out_biz_no'], 64) : nil,
        refund_fee: is_refund ? positive(values['refund_fee'], currency) : nil
      )
    end

    def check_status(values, is_refund)
      status = values['trade_status']
      raise Refused, 'trade_status is unknown' unless STATUSES.include?(status) || (is_refund && status.nil?)
      unless !is_refund || same_if_given(values['refund_status'], 'REFUND_SUCCESS')
        raise Refused, 'the refund has not succeeded'
      end
      return if is_refund || values.key?('total_fee') || !%w[TRADE_SUCCESS TRADE_FINISHED].include?(status)

      raise Refused, 'total_fee is missing'
    end

    def positive(text, currency)
      return if text.nil?

      amount = Money.read(text, currency)
      amount.zero? ? raise(Refused, 'an amount is zero') : amount
    end
  end
end
