# frozen_string_literal: true

require 'erb'
require 'logger'
require 'net/http'
require 'rexml/document'
require 'timeout'
require_relative 'signing'

module Shop
  # What came of a request.
  #
  # success: signed, and the business result is SUCCESS. failed: refused, and nothing was done. unknown: it
  # may or may not have been done; repeat it with the same ids. A failure that is not signed (a gateway
  # error) speaks of this one request only, not of earlier attempts.
  Reply = Struct.new(:outcome, :code, :fields, :signed, keyword_init: true) do
    def self.unknown(code = nil)
      new(outcome: 'unknown', code: code, fields: {})
    end

    # A signed answer proves something only about the ids that it names.
    def unless_about(ours)
      outcome == 'success' && !ours ? Reply.unknown : self
    end

    # The value of a field that has one.
    def [](name)
      name.is_a?(String) ? fields[name].then { |value| value.to_s.empty? ? nil : value } : super
    end
  end

  # Talks to Alipay's gateway: a form goes out by POST, XML comes back.
  class Gateway
    LARGEST_ANSWER = 1 << 20
    DEEPEST = 16
    BLANKS = " \t\r\n" # XML's own: strip would take U+0000 too
    DECLARATION = /\A(?:\xEF\xBB\xBF)?<\?xml\s[^>]*?\?>/n
    # Codes after which nobody knows whether the request was carried out.
    SYSTEM_ERRORS = %w[
      SYSTEM_ERROR SYSTEM_EXCEPTION SESSION_TIMEOUT ILLEGAL_TARGET_SERVICE ILLEGAL_ACCESS_SWITCH_SYSTEM
      ILLEGAL_SWITCH_SYSTEM EXTERFACE_IS_CLOSED
    ].freeze

    def initialize(account, log: Logger.new($stderr))
      @account = account
      @log = log
    end

    # Signs and encodes a request, [uri, body]; whatever is wrong with it is found here, before anything is sent.
    def prepare(service, fields, gateway_url)
      uri = address(gateway_url || @account.gateway_url)
      common = { 'service' => service, 'partner' => @account.partner, '_input_charset' => @account.charset }
      pairs = common.merge(fields).reject { |_, value| value.nil? || value.empty? }.to_a
      pairs << ['sign', Signing.sign(@account, pairs, @account.charset, @account.sign_type)]
      pairs << ['sign_type', @account.sign_type]
      # The gateway reads the charset from the URL, before it can read the body.
      body = pairs.reject { |name, _| name == '_input_charset' }.map do |name, value|
        "#{name}=#{ERB::Util.url_encode(Charset.encode(value, @account.charset))}"
      end
      uri.query = [uri.query, "_input_charset=#{@account.charset}"].compact.join('&')
      [uri, body.join('&')]
    end

    # Sends a prepared request; whatever happens on the way, the answer is a reply.
    def send_request(uri, body)
      read(post(uri, body))
    rescue Refused, REXML::ParseException, Timeout::Error, SystemCallError, SocketError, IOError,
           Net::ProtocolError, Net::HTTPBadResponse, Net::HTTPHeaderSyntaxError, OpenSSL::SSL::SSLError => e
      @log.warn("no usable answer: #{e.class} #{e.message.lines.first}")
      Reply.unknown
    end

    private

    def address(text)
      uri = URI(text)
      loopback = uri.scheme == 'http' && %w[127.0.0.1 localhost ::1].include?(uri.hostname)
      raise Refused, 'the gateway is reached by https only' unless uri.scheme == 'https' || loopback

      uri
    rescue URI::InvalidURIError
      raise Refused, 'the gateway has no valid address'
    end

    def post(uri, body)
      http = Net::HTTP.new(uri.hostname, uri.port, nil) # no proxy from the environment
      http.use_ssl = uri.scheme == 'https'
      http.cert_store = trusted if http.use_ssl? && @account.ca_pem
      http.open_timeout = [3.0, @account.timeout].min
      http.max_retries = 0 # nothing is sent twice behind our back
      request = Net::HTTP::Post.new(uri)
      request['Content-Type'] = "application/x-www-form-urlencoded; charset=#{@account.charset}"
      request['Accept-Encoding'] = 'identity'
      request.body = body
      # read_timeout is for each read: a gateway that trickles would hold us for ever.
      Timeout.timeout(@account.timeout) { http.start { exchange(http, request) } }
    end

    def exchange(http, request)
      answer = String.new(encoding: Encoding::BINARY)
      http.request(request) do |response|
        # A redirect is not followed: whoever sends it is not the gateway.
        raise Refused, "status #{response.code}" unless response.code == '200'

        response.read_body do |part|
          answer << part
          raise Refused, 'the answer is too large' if answer.bytesize > LARGEST_ANSWER
        end
        raise Refused, 'the answer is cut off' if response.content_length && answer.bytesize != response.content_length
      end
      answer
    end

    def trusted
      OpenSSL::X509::Store.new.tap { |store| store.add_cert(OpenSSL::X509::Certificate.new(@account.ca_pem)) }
    end

    # --- the answer -----------------------------------------------------------------------------------

    def read(data)
      declaration = data[DECLARATION]
      charset = (declaration && declaration[/\sencoding\s*=\s*["']([\w.-]+)["']/n, 1]) || 'UTF-8'
      text = Charset.decode(data.delete_prefix(declaration.to_s), charset)
      raise Refused, 'the answer has a DTD' if text.include?('<!DOCTYPE')

      root = REXML::Document.new(text.delete_prefix("\uFEFF"), ignore_whitespace_nodes: []).root
      raise Refused, 'no answer of the gateway' unless root&.name == 'alipay'

      judge(children(root), charset)
    end

    def judge(parts, charset)
      is_success, error, sign, sign_type = %w[is_success error sign sign_type].map { |name| text(parts[name]) }
      return gateway_error(error) if is_success == 'F' && !parts.key?('sign')

      fields = signed_fields(parts['response'])
      signature = [['sign', sign], ['sign_type', sign_type]]
      unless fields && %w[T F].include?(is_success) && Signing.verify(@account, fields.to_a + signature, charset)
        return Reply.unknown
      end

      signed_answer(is_success, fields, error)
    end

    def gateway_error(error)
      undone = !error.empty? && !SYSTEM_ERRORS.include?(error)
      Reply.new(outcome: undone ? 'failed' : 'unknown', code: error.empty? ? nil : error, fields: {})
    end

    def signed_answer(is_success, fields, error)
      code = [fields['detail_error_code'], fields['error'], error].find { |text| text && !text.empty? }
      # CREATE may be answered without result_code.
      result = fields['result_code'] || ('SUCCESS' if fields['qrcode'])
      if is_success == 'T' && result == 'SUCCESS'
        return Reply.new(outcome: 'success', fields: fields, signed: true)
      end

      undone = (is_success == 'F' || %w[FAIL FAILED].include?(result)) && !SYSTEM_ERRORS.include?(code)
      undone ? Reply.new(outcome: 'failed', code: code, fields: fields, signed: true) : Reply.unknown(code)
    end

    # What is signed: the children of the first child of <response>, whatever that is called.
    def signed_fields(response)
      container = response&.elements&.first or return nil
      parts = children(container)
      parts.transform_values { |part| text(part) } unless parts.values.any?(&:has_elements?)
    end

    def children(parent)
      found = parent.elements.to_a
      raise Refused, 'an element stands twice: which one would count?' if found.map(&:name).uniq!

      found.to_h { |element| [element.name, element] }
    end

    def text(element)
      return '' if element.nil?

      element.texts.map(&:value).join.gsub(/\A[#{BLANKS}]+|[#{BLANKS}]+\z/, '')
    end
  end
end
