# frozen_string_literal: true

# Connects your code to alipay-qr: one JSON object a line on stdin, one on stdout.
#
# Fill in sign first, then run the command that `alipay-qr init` has printed; then go down the list. What you do not
# have stays as it is. Return raw values, never a verdict. Raise Refused where your own code declines an input before
# anything is sent, Unsupported where it cannot do this one call; let every other exception pass. An operation that
# reads no answer says { 'outcome' => 'sent' }.
# If you sign with RSA, say so in sign_types; the keys are @settings['merchant_private_key']['pkcs8_pem'] (or
# pkcs1_pem, pkcs8_pem, pkcs1_base64, pkcs8_base64) and @settings['alipay_public_key']['pem'] (or pem, base64). A
# value for which your code has no parameter, such as trade_no, is_sync or another notify_url, is Unsupported. With a
# static code Alipay names the trade: the out_trade_no of a notification may be new to you.

require 'json'

class Refused < StandardError
end

# One call alone, as in: raise Unsupported, 'it refunds later alone' if args['is_sync'] == 'Y'
class Unsupported < StandardError
end

class Adapter
  # --- level 1: signing -----------------------------------------------------------------------------------

  # args['params'] is a list of [name, value or nil]. Add nothing to them.
  def sign(args)
    fill_in
    # { 'sign' => my_sign(args['params'], args['sign_type'], @settings['md5_key']) }
  end

  # The text or the bytes that are signed, without the key.
  def presign(args)
    fill_in
    # { 'text' => '...' }  or  { 'base64' => [bytes].pack('m0') }
  end

  # Does a message hold? args['source'] is "notification" or "response".
  def verify(args)
    fill_in
    # { 'valid' => true }
  end

  # --- level 2: requests, really sent to args['gateway_url'] || @settings['gateway_url'] ------------------

  def create_qr_code(args)
    fill_in
    # args['biz_data'] is a Hash; also args['notify_url']
    # { 'outcome' => 'success', 'qrcode' => '...', 'qrcode_img_url' => '...' }
  end

  # outcome: success, failed (nothing was done), or unknown (it may have been done).
  def cancel(args)
    fill_in
    # args['out_trade_no'], args['trade_no']
    # { 'outcome' => 'success', 'action' => 'close' }
  end

  # outcome: also accepted, for an asynchronous refund that Alipay has taken.
  def refund(args)
    fill_in
    # args: partner_trans_id, partner_refund_id, refund_amount, currency; maybe refund_reason, is_sync
    # { 'outcome' => 'failed', 'code' => 'TRADE_NOT_EXIST' }
  end

  # --- level 3: notifications -----------------------------------------------------------------------------

  # A POST to your notify_url; the body is args['body_base64'].unpack1('m').
  def notify(args)
    fill_in
    # { 'reply' => 'success' }
  end

  # --- level 4: money -------------------------------------------------------------------------------------

  # Your shop now awaits a payment: total_fee, currency, maybe out_trade_no, qrcode.
  def expect(args)
    fill_in
    # {}
  end

  # What your books say: none, waiting, paid, partly_refunded, refunded, cancelled, closed or undecided.
  def trade(args)
    fill_in
    # { 'state' => 'paid', 'paid' => '10.00', 'currency' => 'USD', 'refunded' => '0.00', 'fulfilled' => '1' }
  end

  # Forget all trades; keep the settings.
  def reset(_args)
    {}
  end

  # --- what your code can do: add each operation here once it is filled in ------------------------------------

  FILLED_IN = %w[hello configure reset].freeze

  # --- nothing to fill in below, but see sign_types, charsets and clock in hello ----------------------------

  OPERATIONS = %w[
    hello configure reset sign presign verify create_qr_code cancel refund notify expect trade
  ].freeze

  def hello(args)
    raise Unsupported, 'this adapter speaks protocol 1' if args['protocol'] != '1'

    {
      'protocol' => '1', 'name' => 'my shop', 'version' => '0', 'language' => 'Ruby', 'operations' => FILLED_IN,
      'sign_types' => %w[MD5], 'charsets' => %w[UTF-8], 'clock' => false, 'parallel' => false
    }
  end

  # What is kept: partner, sign_type, charset, md5_key, merchant_private_key, alipay_public_key, gateway_url, ...
  def configure(args)
    @settings = args
    {}
  end

  def answer(request)
    @op = request['op']
    @now = request['now'] # RFC 3339 text; if your code can be told the time, say 'clock' => true in hello
    raise Unsupported, "unknown operation #{@op}" unless OPERATIONS.include?(@op)

    { 'result' => public_send(@op, request['args'] || {}) }
  rescue Unsupported => e
    { 'unsupported' => { 'reason' => e.message } }
  rescue Refused => e
    { 'refused' => { 'reason' => e.message } }
  rescue Exception => e # NotImplementedError is no StandardError
    { 'error' => { 'message' => "#{e.class}: #{e.message}", 'traceback' => e.backtrace.join("\n") } }
  end

  private

  def fill_in
    raise Unsupported, "#{@op} in adapter.rb is not filled in yet; begin with sign, and list it in FILLED_IN"
  end
end

adapter = Adapter.new
$stdin.set_encoding('UTF-8')
$stdout.sync = true
while (line = $stdin.gets)
  request = JSON.parse(line)
  $stdout.puts JSON.generate({ 'id' => request['id'], **adapter.answer(request) })
end
