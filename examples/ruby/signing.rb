# frozen_string_literal: true

require 'openssl'
require_relative 'refused'

module Shop
  # Text is UTF-8 in this program; on the wire it is in the account's charset.
  module Charset
    NAMES = %w[UTF-8 GBK GB2312].freeze

    def self.name(charset)
      NAMES.include?(charset.to_s.upcase) ? charset.to_s.upcase : raise(Refused, 'the charset must be UTF-8, GBK or GB2312')
    end

    # A character that the charset lacks is an error: replacing it would sign what nobody wrote.
    def self.encode(text, charset)
      name = name(charset)
      text = text.encode('UTF-8') # numbers and dates come as US-ASCII
      raise Refused, 'a text is not UTF-8' unless text.valid_encoding?

      # The euro sign is the one character that Ruby's GBK has (0x80) and GBK itself has not.
      raise Refused, "the euro sign does not exist in #{name}" if name != 'UTF-8' && text.include?('€')

      text.encode(name).b
    rescue EncodingError
      raise Refused, "a character does not exist in #{name}"
    end

    def self.decode(bytes, charset)
      text = bytes.dup.force_encoding(name(charset))
      raise Refused, "the bytes are not #{charset}" unless text.valid_encoding?

      text.encode('UTF-8')
    rescue EncodingError
      raise Refused, "the bytes are not #{charset}"
    end
  end

  # Everything Alipay gave us, and where to find it. Keys are PEM texts.
  class Account
    attr_reader :partner, :sign_type, :charset, :md5_key, :gateway_url, :notify_url, :timeout, :ca_pem

    def initialize(partner:, sign_type:, charset:, md5_key:, private_key:, alipay_public_key:, gateway_url:,
                   notify_url:, timeout: 15.0, ca_pem: nil)
      raise Refused, 'the partner id is empty' if partner.to_s.empty?

      @partner = partner
      @sign_type = Signing.known(sign_type)
      @charset = Charset.name(charset)
      @md5_key = md5_key.strip # a key file read whole ends in a newline, which would be signed along
      @private_key = private_key
      @alipay_public_key = alipay_public_key
      @gateway_url = gateway_url
      @notify_url = notify_url
      @timeout = timeout # seconds
      @ca_pem = ca_pem
    end

    def signing_key
      @signing_key ||= load_key(@private_key, 'our private key')
    end

    def verifying_key
      @verifying_key ||= load_key(@alipay_public_key, "Alipay's public key")
    end

    # Keys are not for logs.
    def inspect
      "#<Shop::Account #{partner} #{sign_type} #{charset}>"
    end

    private

    def load_key(pem, what)
      OpenSSL::PKey::RSA.new(pem)
    rescue OpenSSL::PKey::PKeyError
      raise Refused, "#{what} cannot be used"
    end
  end

  # Signs what we send and checks what came. Parameters are [name, value] pairs; nil is "no value".
  module Signing
    HASHES = { 'RSA' => 'SHA1', 'RSA2' => 'SHA256' }.freeze

    module_function

    def known(sign_type)
      return sign_type if sign_type == 'MD5' || HASHES.key?(sign_type)

      raise Refused, 'sign_type must be MD5, RSA or RSA2, in capital letters'
    end

    # The bytes that are signed.
    def presign(pairs, charset)
      raise Refused, 'a parameter stands twice' if pairs.map(&:first).uniq!

      signed = pairs.reject { |name, value| %w[sign sign_type].include?(name) || value.nil? || value.empty? }
      # Not blank?: a value of blanks is one. Strings compare as bytes.
      Charset.encode(signed.sort.map { |name, value| "#{name}=#{value}" }.join('&'), charset)
    end

    def sign(account, pairs, charset, sign_type)
      known(sign_type)
      bytes = presign(pairs, charset)
      return md5(account, bytes) if sign_type == 'MD5'
      raise Refused, 'our private key is a public one' unless account.signing_key.private?

      [account.signing_key.sign(HASHES[sign_type], bytes)].pack('m0')
    end

    # Only the sign type of our own account counts, whatever the message claims.
    def verify(account, pairs, charset)
      given = pairs.to_h
      return false if given['sign_type'] != account.sign_type || given['sign'].nil?

      bytes = presign(pairs, charset)
      return OpenSSL.secure_compare(md5(account, bytes), given['sign']) if account.sign_type == 'MD5'

      signature = given['sign'].unpack1('m0') # strict base64
      account.verifying_key.verify(HASHES[account.sign_type], signature, bytes)
    rescue Refused, ArgumentError, OpenSSL::PKey::PKeyError
      false
    end

    def md5(account, bytes)
      raise Refused, 'the account has no MD5 key' if account.md5_key.empty?

      OpenSSL::Digest::MD5.hexdigest(bytes + account.md5_key.b)
    end
  end
end
