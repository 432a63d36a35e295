# frozen_string_literal: true

# Connects the shop of this folder to the kit: one JSON object a line, in and out. No verdicts here.

require_relative 'merchant'
require_relative 'test_account'

class Unsupported < StandardError
end

class Adapter
  OPERATIONS = %w[
    hello configure reset presign sign verify expect create_qr_code cancel refund notify trade
  ].freeze

  def initialize
    @account = Shop::TEST_ACCOUNT
    reset({})
  end

  def answer(request)
    @now = request['now']
    op = request['op']
    raise Unsupported, "unknown operation #{op}" unless OPERATIONS.include?(op)

    { 'result' => public_send(op, request['args'] || {}) }
  rescue Shop::Refused => e
    { 'refused' => { 'reason' => e.message } }
  rescue Unsupported => e
    { 'unsupported' => { 'reason' => e.message } }
  rescue Exception => e # NotImplementedError is no StandardError
    { 'error' => { 'message' => "#{e.class}: #{e.message}", 'traceback' => e.backtrace.join("\n") } }
  end

  def hello(args)
    raise Unsupported, 'this adapter speaks protocol 1' if args['protocol'] != '1'

    {
      'protocol' => '1', 'name' => 'example shop in Ruby', 'version' => '1.0', 'language' => 'Ruby',
      'operations' => OPERATIONS, 'sign_types' => %w[MD5 RSA RSA2], 'charsets' => %w[UTF-8 GBK GB2312],
      'clock' => true, 'parallel' => true, 'features' => %w[https], 'runtime' => RUBY_VERSION
    }
  end

  def configure(args)
    @account = Shop::Account.new(
      **%w[partner sign_type charset md5_key gateway_url notify_url].to_h { |name| [name.to_sym, args[name]] },
      private_key: args['merchant_private_key']['pkcs1_pem'],
      alipay_public_key: args['alipay_public_key']['pem'],
      timeout: args['gateway_timeout'].to_f,
      ca_pem: args['gateway_ca_pem']
    )
    open
  end

  def reset(_args)
    @ledger = Shop::Ledger.new
    open
  end

  def presign(args)
    { 'base64' => [Shop::Signing.presign(args['params'], args['charset'])].pack('m0') }
  end

  def sign(args)
    { 'sign' => Shop::Signing.sign(@account, args['params'], args['charset'], args['sign_type']) }
  end

  def verify(args)
    { 'valid' => Shop::Signing.verify(@account, args['params'], args['charset']) }
  end

  def expect(args)
    @merchant.expect(*args.values_at('out_trade_no', 'qrcode', 'total_fee', 'currency'))
    {}
  end

  def create_qr_code(args)
    @merchant.create_qr_code(*args.values_at('biz_data', 'notify_url', 'gateway_url'))
  end

  def cancel(args)
    @merchant.cancel(*args.values_at('out_trade_no', 'trade_no', 'gateway_url'))
  end

  def refund(args)
    @merchant.refund(args, args['gateway_url'])
  end

  def notify(args)
    { 'reply' => @merchant.notify(args['method'] || 'POST', args['body_base64'].unpack1('m')) }
  end

  def trade(args)
    @merchant.trade(args['out_trade_no'])
  end

  private

  def open
    @merchant = Shop::Merchant.new(@account, @ledger, clock: -> { @now ? Time.iso8601(@now) : Time.now })
    {}
  end
end

adapter = Adapter.new
$stdin.set_encoding('UTF-8')
$stdout.sync = true
while (line = $stdin.gets)
  request = JSON.parse(line)
  # Answers come in order, one at a time; that is allowed with parallel: true, and spares the kit the waiting.
  $stdout.puts JSON.generate({ 'id' => request['id'], **adapter.answer(request) })
end
